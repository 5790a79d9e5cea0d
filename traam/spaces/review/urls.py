from django.urls import path

from traam.spaces.review import pairing
from traam.spaces.review.views import (
    bilans,
    dossiers,
    groups,
    milestones,
    productions,
    progress,
    readers,
    scenarios,
    themes,
    trials,
)

app_name = "review"
urlpatterns = [
    path("", themes.home, name="home"),
    path("tests", trials.trials, name="trials"),
    path("groupes", groups.groups, name="groups"),
    path("groupes.<slug:form>", groups.groups_file, name="groups_file"),
    path("themes/<int:pk>", themes.theme, name="theme"),
    path("themes/<int:pk>/comparaison", themes.comparison, name="comparison"),
    path("themes/<int:pk>/comparaison.<slug:form>", themes.comparison_file, name="comparison_file"),
    path("themes/<int:pk>/lecteurs", readers.follow, name="readers"),
    path("themes/<int:pk>/lecteurs/repartir", readers.spread, name="spread"),
    path("themes/<int:pk>/echeances", milestones.milestones, name="milestones"),
    path("themes/<int:pk>/echeances/<int:milestone>", milestones.change, name="change_milestone"),
    path("themes/<int:pk>/echeances/<int:milestone>/retrait", milestones.remove, name="remove_milestone"),
    path("themes/<int:pk>/appariement", pairing.pairing, name="pairing"),
    path("themes/<int:pk>/avancement", progress.progress, name="progress"),
    path("candidatures/<int:pk>", dossiers.dossier, name="dossier"),
    path("candidatures/<int:pk>/note", dossiers.note, name="note"),
    path("candidatures/<int:pk>/conflit", dossiers.conflict, name="conflict"),
    path("candidatures/<int:pk>/sans-conflit", dossiers.no_conflict, name="no_conflict"),
    path("scenarios/<int:pk>", productions.scenario, name="scenario"),
    path("modules/<int:pk>", productions.module, name="module"),
    path("bilans/<int:pk>", productions.bilan, name="bilan"),
    path("supports/<int:pk>", productions.support, name="support"),
    path("<slug:kind>/<int:pk>/remarques", productions.remark, name="remark"),
    path("<slug:kind>/<int:pk>/lecture", productions.note_reading, name="note_reading"),
    path("remarques/<int:pk>/cloture", productions.close_remark, name="close_remark"),
    path("remarques/<int:pk>/retrait", productions.withdraw_remark, name="withdraw_remark"),
    path("bilans/<int:pk>/publier", bilans.publish_bilan, name="publish_bilan"),
    path("bilans/<int:pk>/retirer", bilans.withdraw_bilan, name="withdraw_bilan"),
    path("scenarios/<int:pk>/publier", scenarios.release, name="release"),
    path("scenarios/<int:pk>/retirer", scenarios.withdraw, name="withdraw"),
]
