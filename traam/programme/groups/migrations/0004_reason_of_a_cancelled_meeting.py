from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0003_meetings_already_held'),
    ]

    operations = [
        migrations.AddField(
            model_name='meeting',
            name='reason',
            field=models.CharField(blank=True, max_length=300, verbose_name="motif de l'annulation"),
        ),
    ]
