from django.urls import path

from traam.interop.api import views

urlpatterns = [
    path("api/", views.human, name="api"),
    path("api/objets", views.human_things, name="api_things"),
    path("api/v1/", views.root, name="api_root"),
    path("api/v1/openapi.json", views.document, name="api_document"),
    path("api/v1/notices", views.notices, name="api_notices"),
    path("api/v1/notices/<str:pk>", views.notice, name="api_notice"),
    path("api/v1/themes", views.themes, name="api_themes"),
    path("api/v1/themes/<str:pk>", views.theme, name="api_theme"),
    path("api/v1/syntheses", views.syntheses, name="api_syntheses"),
    path("api/v1/syntheses/<str:pk>", views.synthesis, name="api_synthesis"),
    path("api/v1/results", views.results, name="api_results"),
    path("api/v1/academies", views.academies, name="api_academies"),
    path("api/v1/academies/<str:slug>", views.academy, name="api_academy"),
    path("api/v1/calls", views.calls, name="api_calls"),
    path("api/v1/calls/<str:pk>", views.call, name="api_call"),
    path("api/v1/vocabularies", views.vocabularies, name="api_vocabularies"),
    path("api/v1/vocabularies/<str:name>", views.vocabulary, name="api_vocabulary"),
    path("api/v1/<path:rest>", views.nothing, name="api_nothing"),
]
