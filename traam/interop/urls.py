from django.urls import path

from traam.interop import views

app_name = "interop"
urlpatterns = [
    path("oai", views.oai, name="oai"),
    path("sante/", views.health, name="health"),
]
