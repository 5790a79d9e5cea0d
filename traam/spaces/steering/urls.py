from django.urls import path

from traam.spaces.steering import views

app_name = "steering"
urlpatterns = [
    path("", views.home, name="home"),
    path("campagnes/nouvelle", views.new_campaign, name="new_campaign"),
    path("campagnes/<int:pk>", views.campaign, name="campaign"),
    path("campagnes/<int:pk>/modifier", views.edit_campaign, name="edit_campaign"),
    path("campagnes/<int:pk>/etat/<slug:verb>", views.move_campaign, name="move_campaign"),
    path("campagnes/<int:pk>/themes", views.new_theme, name="new_theme"),
    path("campagnes/<int:pk>/themes/<int:theme>", views.edit_theme, name="edit_theme"),
    path("themes/<int:pk>/etat/<slug:verb>", views.move_theme, name="move_theme"),
    path("campagnes/<int:pk>/selection", views.selection, name="selection"),
    path("candidatures/<int:pk>/decision", views.decide, name="decide"),
    path("campagnes/<int:pk>/annonce", views.announce, name="announce"),
    path("campagnes/<int:pk>/groupes", views.groups, name="groups"),
    path("campagnes/<int:pk>/suivi", views.followup, name="followup"),
    path("courriels", views.letters, name="letters"),
    path("personnes/", views.people, name="people"),
    path("personnes/inviter", views.invite, name="invite"),
]
