from django.urls import path

from traam.spaces.review import views

app_name = "review"
urlpatterns = [
    path("", views.home, name="home"),
    path("themes/<int:pk>", views.theme, name="theme"),
    path("candidatures/<int:pk>", views.dossier, name="dossier"),
    path("scenarios/<int:pk>", views.scenario, name="scenario"),
    path("scenarios/<int:pk>/publier", views.release, name="release"),
    path("scenarios/<int:pk>/retirer", views.withdraw, name="withdraw"),
]
