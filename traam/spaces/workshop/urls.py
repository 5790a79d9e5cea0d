from django.urls import path

from traam.spaces.workshop.views import documents, editor, groups, progress, scenarios, watch

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
    path("groupes/<int:pk>/avancement", progress.progress, name="progress"),
    path("groupes/<int:pk>/avancement/nouvelle-note", progress.write_note, name="write_note"),
    path("groupes/<int:pk>/avancement/<int:note>", progress.change_note, name="change_note"),
    path("groupes/<int:pk>/documents", documents.documents, name="documents"),
    path("groupes/<int:pk>/documents/nouveau", documents.share_document, name="share_document"),
    path("groupes/<int:pk>/documents/<int:document>/fichier", documents.download, name="download"),
    path("groupes/<int:pk>/documents/<int:document>/droits", documents.complete_rights, name="complete_rights"),
    path("groupes/<int:pk>/documents/<int:document>/retrait", documents.withdraw_document, name="withdraw_document"),
    path("groupes/<int:pk>/veille", watch.share_watch, name="share_watch"),
    path("themes/<int:pk>/veille", watch.watch, name="watch"),
    path("veille/<int:pk>/retrait", watch.remove_watch, name="remove_watch"),
    path("groupes/<int:pk>/scenarios", scenarios.new_scenario, name="new_scenario"),
    path("scenarios/<int:pk>", scenarios.scenario, name="scenario"),
    path("scenarios/<int:pk>/modifier", editor.edit_scenario, name="edit_scenario"),
    path("scenarios/<int:pk>/tests", scenarios.add_test, name="add_test"),
    path("scenarios/<int:pk>/etat/<slug:verb>", scenarios.move_scenario, name="move_scenario"),
]
