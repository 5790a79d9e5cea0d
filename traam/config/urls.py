"""The addresses of the site, by audience."""

from django.urls import include, path

urlpatterns = [
    path("", include("traam.spaces.public.urls")),
    path("", include("traam.spaces.desk.urls")),
    path("academie/", include("traam.spaces.academy.urls")),
    path("atelier/", include("traam.spaces.workshop.urls")),
    path("evaluation/", include("traam.spaces.review.urls")),
    path("pilotage/", include("traam.spaces.steering.urls")),
    path("", include("traam.interop.urls")),
]

handler400 = "traam.design.handlers.bad_request"
handler403 = "traam.design.handlers.forbidden"
handler404 = "traam.design.handlers.not_found"
handler500 = "traam.design.handlers.broken"
