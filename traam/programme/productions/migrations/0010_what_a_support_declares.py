from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("productions", "0009_no_more_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="support",
            name="no_speech",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="support",
            name="rights_checked",
            field=models.BooleanField(default=False),
        ),
    ]
