from django.contrib import admin
from django.urls import path

from traam.config.urls import handler400, handler403, handler404, handler500
from traam.config.urls import urlpatterns as ours
from traam.programme.catalogue.models import Notice

__all__ = ["handler400", "handler403", "handler404", "handler500", "notices", "urlpatterns"]


class Notices(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "state", "years", "theme", "published_on", "datestamp")
    list_filter = ("state", "years")
    search_fields = ("title", "summary")
    list_select_related = ("theme",)
    list_per_page = 20


admin.site.register(Notice, Notices)
notices = admin.site.get_model_admin(Notice)
urlpatterns = [path("admin/", admin.site.urls), *ours]
