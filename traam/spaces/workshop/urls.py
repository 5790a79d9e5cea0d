from django.urls import path

from traam.spaces.workshop import views

app_name = "workshop"
urlpatterns = [
    path("", views.home, name="home"),
    path("groupes/<int:pk>", views.group, name="group"),
    path("groupes/<int:pk>/membres", views.add_member, name="add_member"),
    path("groupes/<int:pk>/membres/<int:member>/fin", views.end_member, name="end_member"),
    path("groupes/<int:pk>/membres/<int:member>/corps", views.corps, name="corps"),
    path("groupes/<int:pk>/reunions", views.add_meeting, name="add_meeting"),
    path("groupes/<int:pk>/accord-du-dasen", views.agreement, name="agreement"),
    path("groupes/<int:pk>/etat/<slug:verb>", views.move_group, name="move_group"),
    path("groupes/<int:pk>/scenarios", views.new_scenario, name="new_scenario"),
    path("scenarios/<int:pk>", views.scenario, name="scenario"),
    path("scenarios/<int:pk>/modifier", views.edit_scenario, name="edit_scenario"),
    path("scenarios/<int:pk>/tests", views.add_test, name="add_test"),
    path("scenarios/<int:pk>/etat/<slug:verb>", views.move_scenario, name="move_scenario"),
]
