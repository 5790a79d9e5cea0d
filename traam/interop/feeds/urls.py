from django.urls import path

from traam.interop.feeds import atoms, crawlers, letters, syntheses

urlpatterns = [
    path("flux/", atoms.page, name="feeds"),
    path("flux/notices.atom", atoms.everything, name="feed"),
    path("flux/recherche.atom", atoms.search, name="feed_search"),
    path("flux/themes/<int:pk>.atom", atoms.theme, name="feed_theme"),
    path("flux/academies/<slug:slug>.atom", atoms.academy, name="feed_academy"),
    path("flux/disciplines/<slug:code>.atom", atoms.discipline, name="feed_discipline"),
    path("flux/syntheses.atom", syntheses.syntheses, name="feed_syntheses"),
    path("flux/lettres/<slug:slug>.atom", letters.letter, name="feed_letter"),
    path("plan-du-site.xml", crawlers.sitemaps, name="sitemap"),
    path("plan-du-site/pages.xml", crawlers.pages, name="sitemap_pages"),
    path("plan-du-site/notices-<int:block>.xml", crawlers.notices, name="sitemap_notices"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("llms.txt", crawlers.llms, name="llms"),
]
