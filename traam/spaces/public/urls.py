from django.urls import path

from traam.spaces.public import views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("recherche", views.search, name="search"),
    path("notices/<int:pk>", views.notice, name="notice"),
    path("themes/", views.themes, name="themes"),
    path("themes/<int:pk>", views.theme, name="theme"),
    path("academies/", views.academies, name="academies"),
    path("academies/<slug:slug>", views.academy, name="academy"),
    path("campagnes/", views.calls, name="calls"),
    path("campagnes/<int:pk>", views.call, name="call"),
    path("cahiers-des-charges/", views.editions, name="editions"),
    path("cahiers-des-charges/<slug:edition_id>", views.edition, name="edition"),
    path("accessibilite", views.accessibility, name="accessibility"),
    path("mentions-legales", views.legal, name="legal"),
    path("donnees-personnelles", views.privacy, name="privacy"),
    path("plan-du-site", views.site_map, name="site_map"),
]
