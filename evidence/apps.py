"""The evidence app, and the admin as its curators see it."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class EvidenceConfig(AppConfig):
    """One app, cut into layers as folders (see CONTRIBUTING.md)."""

    name = "evidence"
    default = True
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Evidence"

    def ready(self) -> None:
        """Register the deployment checks, the audit log and the grants after each migration."""
        from evidence import checks  # noqa: F401
        from evidence.curation.duties import grant_after_migrate
        from evidence.ledger import audit

        audit.register()
        # Permissions do not exist while migrations run, and a flush removes the groups.
        post_migrate.connect(
            grant_after_migrate, sender=self, dispatch_uid="evidence.curation.duties"
        )


class CurationConfig(AdminConfig):
    """Django's admin, with the site that groups the entities as curators think of them."""

    default = False
    default_site = "evidence.admin.site.CurationSite"

    def ready(self) -> None:
        """Register our entities, then whatever the other apps bring."""
        # Before Django asks for its site: that import would begin with this one and end with two
        # sites, the empty one in use.
        from evidence import admin  # noqa: F401

        super().ready()
