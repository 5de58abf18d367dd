"""The address of everything."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from deploy import pages
from deploy.health import healthz, readyz

admin.site.site_header = _("Zhisutong administration")
admin.site.site_title = _("Zhisutong administration")

urlpatterns = [
    path("", pages.citizen),
    path("track", pages.citizen),
    path("check", pages.citizen),
    path("survey", pages.citizen),
    path("help", pages.citizen),
    re_path(r"^staff(/.*)?$", pages.staff),
    path("admin/", admin.site.urls),
    path("api/v1/", include("complaints.urls")),
    path(
        "api/schema/",
        SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]),
        name="schema",
    ),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(authentication_classes=[], permission_classes=[], url_name="schema"),
    ),
    path("healthz", healthz),
    path("readyz", readyz),
]
if settings.METRICS_TOKEN:  # the library is only loaded where somebody measures
    urlpatterns.append(path("metrics", import_string("deploy.metrics.metrics")))

handler400 = "deploy.problems.bad_request"
handler403 = "deploy.problems.forbidden"
handler404 = "deploy.problems.not_found"
handler500 = "deploy.problems.server_error"
