from django.urls import path

from traam.interop import views
from traam.interop.api.urls import urlpatterns as api

app_name = "interop"
urlpatterns = [
    path("oai", views.oai, name="oai"),
    path("sante/", views.health, name="health"),
    *api,
]
