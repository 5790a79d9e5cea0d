from django.urls import path

from traam.spaces.academy import views

app_name = "academy"
urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:slug>/campagnes/<int:campaign>", views.applications, name="applications"),
    path("<slug:slug>/campagnes/<int:campaign>/tableur", views.template, name="template"),
    path("<slug:slug>/campagnes/<int:campaign>/depot", views.upload, name="upload"),
    path("depots/<int:pk>", views.preview, name="preview"),
    path("<slug:slug>/campagnes/<int:campaign>/nouvelle", views.new, name="new"),
    path("<slug:slug>/campagnes/<int:campaign>/remonter", views.forward_all, name="forward_all"),
    path("candidatures/<int:pk>", views.application, name="application"),
    path("candidatures/<int:pk>/modifier", views.edit, name="edit"),
    path("candidatures/<int:pk>/<slug:verb>", views.move, name="move"),
]
