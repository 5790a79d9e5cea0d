from django.urls import path

from traam.spaces.desk import account, diary, entrance, mailbox, own_data, seen, views

app_name = "desk"
urlpatterns = [
    path("connexion", entrance.sign_in, name="sign_in"),
    path("connexion/code", entrance.ask_code, name="ask_code"),
    path("connexion/code/saisir", entrance.give_code, name="give_code"),
    path("connexion/cle-d-acces", entrance.passkey, name="passkey"),
    path("connexion/second-facteur", entrance.second_factor, name="second_factor"),
    path("mot-de-passe-oublie", entrance.forgotten, name="forgotten"),
    path("deconnexion", entrance.sign_out, name="sign_out"),
    path("invitation/<str:uid>/<str:token>", entrance.invitation, name="invitation"),
    path("mon-compte", account.account, name="account"),
    path("mon-compte/confirmation", account.confirm, name="confirm"),
    path("mon-compte/second-facteur", account.protect, name="protect"),
    path("mon-compte/mot-de-passe", account.password, name="password"),
    path("mon-compte/application-de-codes", account.app, name="app"),
    path("mon-compte/cles-d-acces", account.new_passkey, name="new_passkey"),
    path("mon-compte/moyens/<int:pk>/retirer", account.remove, name="remove_factor"),
    path("mon-compte/codes-de-secours", account.recovery_codes, name="recovery_codes"),
    path("mon-compte/sessions/<int:pk>/fermer", account.close_session, name="close_session"),
    path("mon-compte/sessions/fermer", account.close_others, name="close_others"),
    path("mon-compte/role", account.acting, name="acting"),
    path("mon-compte/activite", own_data.activity, name="activity"),
    path("saisies", views.keep_typing, name="keep_typing"),
    path("mon-calendrier", diary.calendar, name="calendar"),
    path("mon-calendrier/<int:pk>/revoquer", diary.revoke, name="revoke_calendar"),
    path("calendriers/<str:token>.ics", diary.feed, name="calendar_feed"),
    path("tableau-de-bord", views.dashboard, name="dashboard"),
    path("mes-courriels", mailbox.habits, name="habits"),
    path("vu-comme-moi", seen.seen_as_me, name="seen_as_me"),
    path("courriels/arreter/<str:token>", mailbox.stop, name="stop_letters"),
]
