from django.urls import path

from traam.spaces.academy.views import (
    application,
    circuit,
    contact,
    files,
    groups,
    invitation,
    mine,
    overview,
    progress,
    service,
)

app_name = "academy"
urlpatterns = [
    path("", overview.home, name="home"),
    path("mes-candidatures", mine.mine, name="mine"),
    path("<slug:slug>/inviter", invitation.invite, name="invite"),
    path("<slug:slug>/groupes", groups.groups, name="groups"),
    path("<slug:slug>/groupes.<slug:form>", groups.groups_file, name="groups_file"),
    path("<slug:slug>/avancement", progress.progress, name="progress"),
    path("<slug:slug>/contact", contact.contact, name="contact"),
    path("<slug:slug>/campagnes/<int:campaign>", overview.applications, name="applications"),
    path("<slug:slug>/campagnes/<int:campaign>/remonter", overview.forward_all, name="forward_all"),
    path("<slug:slug>/campagnes/<int:campaign>/classement/<int:theme>", circuit.rank, name="rank"),
    path("<slug:slug>/campagnes/<int:campaign>/tableur", files.template, name="template"),
    path("<slug:slug>/campagnes/<int:campaign>/depot", files.upload, name="upload"),
    path("<slug:slug>/campagnes/<int:campaign>/export", files.export, name="export"),
    path("service-fait/verificateur.py", service.verifier, name="service_verifier"),
    path("<slug:slug>/campagnes/<int:campaign>/service-fait", service.service, name="service"),
    path("<slug:slug>/campagnes/<int:campaign>/service-fait/fichier", service.service_file, name="service_file"),
    path(
        "<slug:slug>/campagnes/<int:campaign>/service-fait/<int:number>/envoi",
        service.send_service,
        name="send_service",
    ),
    path("depots/<int:pk>", files.preview, name="preview"),
    path("depots/<int:pk>/colonnes", files.columns, name="columns"),
    path("depots/<int:pk>/annote", files.marked, name="marked"),
    path("<slug:slug>/campagnes/<int:campaign>/nouvelle", application.new, name="new"),
    path("<slug:slug>/campagnes/<int:campaign>/axes", application.axes, name="axes"),
    path("candidatures/<int:pk>", application.application, name="application"),
    path("candidatures/<int:pk>/modifier", application.edit, name="edit"),
    path("candidatures/<int:pk>/avis", circuit.opinion, name="opinion"),
    path("candidatures/<int:pk>/renouveler", circuit.renew, name="renew"),
    path("candidatures/<int:pk>/<slug:verb>", application.move, name="move"),
]
