from django.urls import path

from traam.interop.opendata import views

urlpatterns = [
    path("donnees/", views.page, name="open_data"),
    path("donnees/notices.schema.json", views.schema, name="open_data_schema"),
    path("donnees/notices.<slug:form>", views.file, name="open_data_file"),
    path("donnees/catalogue.jsonld", views.description, name="open_data_description"),
]
