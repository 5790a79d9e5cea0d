from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('groups', '0004_reason_of_a_cancelled_meeting'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='screened',
            field=models.CharField(blank=True, max_length=8),
        ),
    ]
