from django.urls import path

from traam.interop.opendata import views

urlpatterns = [
    path("donnees/", views.page, name="open_data"),
    path("donnees/catalogue.jsonld", views.description, name="open_data_description"),
    path("donnees/<slug:table>.schema.json", views.schema, name="open_data_schema"),
    path("donnees/<slug:table>.<slug:form>", views.file, name="open_data_file"),
]
