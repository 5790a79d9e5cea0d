from django.urls import path

from traam.spaces.academy.views import application, files, overview

app_name = "academy"
urlpatterns = [
    path("", overview.home, name="home"),
    path("<slug:slug>/campagnes/<int:campaign>", overview.applications, name="applications"),
    path("<slug:slug>/campagnes/<int:campaign>/remonter", overview.forward_all, name="forward_all"),
    path("<slug:slug>/campagnes/<int:campaign>/tableur", files.template, name="template"),
    path("<slug:slug>/campagnes/<int:campaign>/depot", files.upload, name="upload"),
    path("depots/<int:pk>", files.preview, name="preview"),
    path("<slug:slug>/campagnes/<int:campaign>/nouvelle", application.new, name="new"),
    path("<slug:slug>/campagnes/<int:campaign>/axes", application.axes, name="axes"),
    path("candidatures/<int:pk>", application.application, name="application"),
    path("candidatures/<int:pk>/modifier", application.edit, name="edit"),
    path("candidatures/<int:pk>/<slug:verb>", application.move, name="move"),
]
