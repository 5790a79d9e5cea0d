from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0003_public_minutes"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="pieces",
            field=models.JSONField(default=list),
        ),
    ]
