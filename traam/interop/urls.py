from django.urls import path

from traam.interop import views
from traam.interop.api.urls import urlpatterns as api
from traam.interop.feeds.urls import urlpatterns as feeds
from traam.interop.opendata.urls import urlpatterns as open_data

app_name = "interop"
urlpatterns = [
    path("oai", views.oai, name="oai"),
    path("sante/", views.health, name="health"),
    path("metriques", views.metrics, name="metrics"),
    *api,
    *open_data,
    *feeds,
]
