from django.urls import path, re_path

from workforce import views

app_name = "workforce"
urlpatterns = [
    path("settings/calendars/", views.calendars, name="calendars"),
    path("settings/calendars/new/", views.calendar, name="calendar_new"),
    path("settings/calendars/<slug:code>/", views.calendar, name="calendar"),
    path("settings/competences/", views.competences, name="competences"),
    path("settings/competences/new/", views.competence, name="competence_new"),
    path("settings/competences/<slug:code>/", views.competence, name="competence"),
    path("settings/people/<int:pk>/work/", views.person, name="person"),
    re_path(
        r"^settings/people/(?P<pk>\d+)/work/(?P<what>hold|schedule|absence)/$", views.person_add, name="person_add"
    ),
    re_path(
        r"^settings/people/(?P<pk>\d+)/work/(?P<what>hold|absence)/(?P<row>\d+)/drop/$",
        views.person_drop,
        name="person_drop",
    ),
]
