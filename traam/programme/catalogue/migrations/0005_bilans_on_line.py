import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_files_of_notices'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicBilan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_key', models.CharField(max_length=200, unique=True)),
                ('academy', models.CharField(max_length=2)),
                ('state', models.CharField(choices=[('published', 'publié'), ('withdrawn', 'retiré')], default='published', max_length=10)),
                ('version', models.PositiveIntegerField()),
                ('sections', models.JSONField(default=list)),
                ('facts', models.JSONField(default=dict)),
                ('licence', models.CharField(blank=True, max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('published_on', models.DateField()),
                ('changed_at', models.DateTimeField()),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bilans', to='catalogue.publictheme')),
            ],
            options={
                'indexes': [models.Index(fields=['academy', 'state'], name='catalogue_p_academy_27bc24_idx')],
            },
        ),
    ]
