from django.urls import path

from traam.spaces.public.views import bilans, browsing, calls, editions, notices, pages, searching, sharing

app_name = "public"
urlpatterns = [
    path("", pages.home, name="home"),
    path("recherche", searching.search, name="search"),
    path("notices/<int:pk>", notices.notice, name="notice"),
    path("notices/<int:pk>/versions/<int:number>", notices.notice_version, name="notice_version"),
    path("notices/<int:pk>/scolomfr.xml", notices.notice_scolomfr, name="notice_scolomfr"),
    path("notices/<int:pk>/scolomfr-3.1.xml", notices.notice_scolomfr_strict, name="notice_scolomfr_strict"),
    path("notices/<int:pk>/affiche.pdf", sharing.notice_poster, name="notice_poster"),
    path("notices/<int:pk>/carte.png", sharing.notice_card, name="notice_card"),
    path("notices/<int:pk>/fichiers/<slug:digest>/<str:name>", notices.notice_file, name="notice_file"),
    path("themes/", browsing.themes, name="themes"),
    path("themes/<int:pk>", browsing.theme, name="theme"),
    path("academies/", browsing.academies, name="academies"),
    path("academies/<slug:slug>", browsing.academy, name="academy"),
    path("bilans/<int:pk>", bilans.bilan, name="bilan"),
    path("bilans/<int:pk>.<slug:form>", bilans.bilan_file, name="bilan_file"),
    path("campagnes/", calls.calls, name="calls"),
    path("campagnes/<int:pk>", calls.call, name="call"),
    path("campagnes/<int:pk>.pdf", calls.call_pdf, name="call_pdf"),
    path("campagnes/<int:pk>.ics", calls.call_calendar, name="call_calendar"),
    path("cahiers-des-charges/", editions.editions, name="editions"),
    path("cahiers-des-charges/<slug:edition_id>", editions.edition, name="edition"),
    path("accessibilite", pages.accessibility, name="accessibility"),
    path("mentions-legales", pages.legal, name="legal"),
    path("donnees-personnelles", pages.privacy, name="privacy"),
    path("plan-du-site", pages.site_map, name="site_map"),
]
