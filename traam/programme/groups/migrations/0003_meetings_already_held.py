import uuid

from django.db import migrations
from django.utils import timezone


def say_what_was_held(apps, schema_editor):
    """Meetings written down so far had no state: those of the past were held."""
    Meeting = apps.get_model('groups', 'Meeting')
    Meeting.objects.filter(on__lte=timezone.localdate()).update(state='held')
    for meeting in Meeting.objects.filter(uid=''):
        meeting.uid, meeting.changed_at = str(uuid.uuid4()), meeting.recorded_at
        meeting.save(update_fields=['uid', 'changed_at'])


class Migration(migrations.Migration):

    dependencies = [('groups', '0002_work_of_groups')]

    operations = [migrations.RunPython(say_what_was_held, migrations.RunPython.noop)]
