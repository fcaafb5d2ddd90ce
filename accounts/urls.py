from django.urls import path, re_path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("settings/", views.settings_home, name="settings"),
    path("settings/people/", views.people_list, name="people"),
    path("settings/people/new/", views.person, name="person_new"),
    path("settings/people/<int:pk>/", views.person, name="person"),
    re_path(r"^settings/people/(?P<pk>\d+)/(?P<step>teams|grant|take|off|on)/$", views.person_step, name="person_step"),
    path("settings/teams/", views.teams, name="teams"),
    path("settings/teams/new/", views.team, name="team_new"),
    path("settings/teams/<slug:code>/", views.team, name="team"),
    path("settings/roles/", views.roles, name="roles"),
    path("settings/tokens/", views.tokens, name="tokens"),
    re_path(r"^settings/tokens/(?P<pk>\d+)/(?P<step>rotate|revoke)/$", views.token_step, name="token_step"),
]
