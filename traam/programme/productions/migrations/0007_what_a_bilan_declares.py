from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('productions', '0006_tests_have_their_group'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='bilan',
            name='facts',
        ),
        migrations.AddField(
            model_name='bilan',
            name='licence',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='bilan',
            name='nobody_named',
            field=models.BooleanField(default=False, verbose_name="aucun élève n'y est nommé ni reconnaissable"),
        ),
    ]
