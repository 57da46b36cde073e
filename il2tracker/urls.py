"""Every address of the site: the admin, and the evidence app at the root."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("evidence.urls")),
]

handler400 = "evidence.web.errors.handle_bad_request"
handler403 = "evidence.web.errors.handle_forbidden"
handler404 = "evidence.web.errors.handle_not_found"
handler500 = "evidence.web.errors.handle_server_error"
