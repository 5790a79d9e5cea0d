"""Pages of the national team: campaigns, themes, decisions, announcement, groups, people, letters."""

from django.urls import path

from traam.spaces.steering.views import (
    amendments,
    announcing,
    campaigns,
    contacts,
    copying,
    directory,
    followup,
    groups,
    progress,
    proposal,
    selection,
    themes,
)

app_name = "steering"
urlpatterns = [
    path("", campaigns.home, name="home"),
    path("campagnes/nouvelle", campaigns.new_campaign, name="new_campaign"),
    path("campagnes/<int:pk>", campaigns.campaign, name="campaign"),
    path("campagnes/<int:pk>/modifier", campaigns.edit_campaign, name="edit_campaign"),
    path("campagnes/<int:pk>/etat/<slug:verb>", campaigns.move_campaign, name="move_campaign"),
    path("campagnes/<int:pk>/copier", copying.copy_campaign, name="copy"),
    path("campagnes/<int:pk>/avenants", amendments.amendments, name="amendments"),
    path("campagnes/<int:pk>/avenants/<slug:kind>/<slug:name>", amendments.amend, name="amend"),
    path("campagnes/<int:pk>/themes", themes.new_theme, name="new_theme"),
    path("campagnes/<int:pk>/themes/<int:theme>", themes.edit_theme, name="edit_theme"),
    path("themes/<int:pk>/etat/<slug:verb>", themes.move_theme, name="move_theme"),
    path("campagnes/<int:pk>/selection", selection.decisions, name="selection"),
    path("candidatures/<int:pk>/decision", selection.decide, name="decide"),
    path("campagnes/<int:pk>/propositions", proposal.runs, name="proposals"),
    path("propositions/<int:pk>", proposal.proposal, name="proposal"),
    path("propositions/<int:pk>.<slug:form>", proposal.proposal_file, name="proposal_file"),
    path("themes/<int:pk>/attente", selection.waiting, name="waiting"),
    path("campagnes/<int:pk>/annonce", announcing.announce, name="announce"),
    path("campagnes/<int:pk>/annonce/courriel", announcing.letter, name="announce_letter"),
    path("campagnes/<int:pk>/groupes", groups.groups, name="groups"),
    path("campagnes/<int:pk>/groupes.<slug:form>", groups.groups_file, name="groups_file"),
    path("campagnes/<int:pk>/avancement", progress.progress, name="progress"),
    path("campagnes/<int:pk>/suivi", followup.followup, name="followup"),
    path("campagnes/<int:pk>/suivi/export", followup.export, name="followup_export"),
    path("campagnes/<int:pk>/relances", followup.remind, name="remind"),
    path("courriels", directory.letters, name="letters"),
    path("courriels/<int:pk>/renvoyer", directory.send_again, name="send_again"),
    path("courriels/<int:pk>/laisser", directory.leave_letter, name="leave_letter"),
    path("contacts", contacts.contacts_of_academies, name="contacts"),
    path("personnes/", directory.people, name="people"),
    path("personnes/inviter", directory.invite, name="invite"),
    path("personnes/roles/<int:pk>/fin", directory.end_role, name="end_role"),
]
