from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subscriptions', '0001_readers_and_issues'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='refusals_before',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
