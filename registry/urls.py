from django.urls import path

from registry import views

app_name = "registry"
urlpatterns = [
    path("components/", views.component_list, name="component_list"),
    path("components/export/", views.component_export, name="component_export"),
    path("components/import/", views.component_import, name="component_import"),
    path("components/picker/", views.picker, name="picker"),
    path("components/new/", views.component_edit, name="component_new"),
    path("components/<str:tag>/", views.component_page, name="component"),
    path("components/<str:tag>/edit/", views.component_edit, name="component_edit"),
    path("components/<str:tag>/service/", views.service_edit, name="service_edit"),
    path("components/<str:tag>/relations/", views.relation_add, name="relation_add"),
    path("components/<str:tag>/relations/<int:pk>/remove/", views.relation_remove, name="relation_remove"),
    path("settings/component-types/", views.types, name="types"),
    path("settings/component-types/new/", views.type_edit, name="type_new"),
    path("settings/component-types/<slug:code>/", views.type_edit, name="type_edit"),
]
