import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from the filling of the reviews: PostgreSQL does not alter a table whose rows have just been written."""

    dependencies = [
        ('productions', '0002_productions_whole'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='turn',
            name='scenario',
        ),
        migrations.RemoveField(
            model_name='version',
            name='scenario',
        ),
        migrations.AlterField(
            model_name='scenario',
            name='review',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='scenario', to='productions.review'),
        ),
        migrations.AlterField(
            model_name='turn',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='productions.review'),
        ),
        migrations.AlterField(
            model_name='version',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='productions.review'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('review', 'number'), name='version_once'),
        ),
    ]
