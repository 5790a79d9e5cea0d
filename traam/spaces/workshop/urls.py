from django.urls import path

from traam.spaces.workshop.views import editor, groups, scenarios

app_name = "workshop"
urlpatterns = [
    path("", groups.home, name="home"),
    path("groupes/<int:pk>", groups.group, name="group"),
    path("groupes/<int:pk>/membres", groups.add_member, name="add_member"),
    path("groupes/<int:pk>/membres/<int:member>/fin", groups.end_member, name="end_member"),
    path("groupes/<int:pk>/membres/<int:member>/corps", groups.corps, name="corps"),
    path("groupes/<int:pk>/reunions", groups.add_meeting, name="add_meeting"),
    path("groupes/<int:pk>/accord-du-dasen", groups.agreement, name="agreement"),
    path("groupes/<int:pk>/etat/<slug:verb>", groups.move_group, name="move_group"),
    path("groupes/<int:pk>/scenarios", scenarios.new_scenario, name="new_scenario"),
    path("scenarios/<int:pk>", scenarios.scenario, name="scenario"),
    path("scenarios/<int:pk>/modifier", editor.edit_scenario, name="edit_scenario"),
    path("scenarios/<int:pk>/tests", scenarios.add_test, name="add_test"),
    path("scenarios/<int:pk>/etat/<slug:verb>", scenarios.move_scenario, name="move_scenario"),
]
