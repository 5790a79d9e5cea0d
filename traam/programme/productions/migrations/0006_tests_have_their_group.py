from django.db import migrations


def give_groups(apps, schema_editor):
    """Until now only the authors noted tests: each is their group's."""
    tests = apps.get_model("productions", "ClassTest").objects.filter(group__isnull=True)
    for test in tests.select_related("scenario").iterator():
        test.group_id = test.scenario.group_id
        test.save(update_fields=["group"])


class Migration(migrations.Migration):
    dependencies = [("productions", "0005_drafts_and_sources")]
    operations = [migrations.RunPython(give_groups, migrations.RunPython.noop)]
