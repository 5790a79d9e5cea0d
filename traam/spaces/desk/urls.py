from django.urls import path

from traam.spaces.desk import diary, mailbox, views

app_name = "desk"
urlpatterns = [
    path("connexion", views.sign_in, name="sign_in"),
    path("mot-de-passe-oublie", views.forgotten, name="forgotten"),
    path("deconnexion", views.sign_out, name="sign_out"),
    path("invitation/<str:uid>/<str:token>", views.invitation, name="invitation"),
    path("saisies", views.keep_typing, name="keep_typing"),
    path("mon-calendrier", diary.calendar, name="calendar"),
    path("mon-calendrier/<int:pk>/revoquer", diary.revoke, name="revoke_calendar"),
    path("calendriers/<str:token>.ics", diary.feed, name="calendar_feed"),
    path("tableau-de-bord", views.dashboard, name="dashboard"),
    path("mes-courriels", mailbox.habits, name="habits"),
    path("courriels/arreter/<str:token>", mailbox.stop, name="stop_letters"),
]
