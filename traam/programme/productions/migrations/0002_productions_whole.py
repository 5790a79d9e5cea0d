import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def open_reviews(apps, schema_editor):
    """Give each scenario its review, and hand it the versions and turns it had."""
    Scenario, Review = apps.get_model('productions', 'Scenario'), apps.get_model('productions', 'Review')
    for scenario in Scenario.objects.order_by('pk').iterator():
        scenario.review = Review.objects.create(opened_at=scenario.created_at)
        scenario.save(update_fields=['review'])
        for name in ('Version', 'Turn'):
            apps.get_model('productions', name).objects.filter(scenario=scenario).update(review=scenario.review)


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_amendments_and_second_years'),
        ('groups', '0004_reason_of_a_cancelled_meeting'),
        ('productions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Bilan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='draft', max_length=12)),
                ('sections', models.JSONField(default=dict)),
                ('facts', models.JSONField(default=dict)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('version', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Module',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='draft', max_length=12)),
                ('title', models.CharField(max_length=200)),
                ('summary', models.TextField(blank=True)),
                ('objectives', models.TextField(blank=True)),
                ('audience', models.CharField(blank=True, max_length=200)),
                ('framing', models.TextField(blank=True)),
                ('notebook', models.TextField(blank=True)),
                ('guide', models.TextField(blank=True)),
                ('minutes', models.PositiveSmallIntegerField(default=120)),
                ('disciplines', models.JSONField(default=list)),
                ('levels', models.JSONField(default=list)),
                ('competences', models.JSONField(default=list)),
                ('teacher_competences', models.JSONField(default=list)),
                ('keywords', models.JSONField(default=list)),
                ('licence', models.CharField(blank=True, max_length=20)),
                ('authors', models.CharField(blank=True, max_length=300)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('version', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ModuleActivity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(blank=True, max_length=64)),
                ('filename', models.CharField(blank=True, max_length=200)),
                ('size', models.PositiveIntegerField(default=0)),
                ('screened', models.CharField(blank=True, choices=[('', "Non analysé : aucun antivirus n'est branché"), ('clean', "Analysé par l'antivirus : rien trouvé")], max_length=8)),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('page', 'Page à lire'), ('link', 'Lien'), ('video', 'Vidéo'), ('quiz', 'Questionnaire'), ('h5p', 'Activité H5P'), ('file', 'Document'), ('task', 'Travail à rendre'), ('forum', 'Échange')], max_length=6)),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField(blank=True)),
                ('address', models.URLField(blank=True, max_length=500)),
                ('transcript', models.TextField(blank=True)),
                ('questions', models.JSONField(default=list)),
                ('minutes', models.PositiveSmallIntegerField(default=0)),
                ('licence', models.CharField(blank=True, max_length=20)),
            ],
            options={
                'verbose_name_plural': 'module activities',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ModuleSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('summary', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(blank=True, max_length=64)),
                ('filename', models.CharField(blank=True, max_length=200)),
                ('size', models.PositiveIntegerField(default=0)),
                ('screened', models.CharField(blank=True, choices=[('', "Non analysé : aucun antivirus n'est branché"), ('clean', "Analysé par l'antivirus : rien trouvé")], max_length=8)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('title', models.CharField(max_length=200)),
                ('address', models.URLField(blank=True, max_length=500)),
                ('alternative', models.TextField(blank=True)),
                ('decorative', models.BooleanField(default=False)),
                ('licence', models.CharField(blank=True, max_length=20)),
                ('holder', models.CharField(blank=True, max_length=200, verbose_name='titulaire des droits')),
                ('terms_read_on', models.DateField(null=True, verbose_name="conditions d'utilisation lues le")),
                ('added_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('section', models.CharField(blank=True, max_length=60)),
                ('quote', models.CharField(blank=True, max_length=500)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Support',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(blank=True, max_length=64)),
                ('filename', models.CharField(blank=True, max_length=200)),
                ('size', models.PositiveIntegerField(default=0)),
                ('screened', models.CharField(blank=True, choices=[('', "Non analysé : aucun antivirus n'est branché"), ('clean', "Analysé par l'antivirus : rien trouvé")], max_length=8)),
                ('state', models.CharField(default='draft', max_length=12)),
                ('kind', models.CharField(choices=[('infographic', 'Infographie'), ('mind_map', 'Carte heuristique'), ('video', 'Vidéo'), ('other', 'Autre support')], max_length=12)),
                ('title', models.CharField(max_length=200)),
                ('summary', models.TextField(blank=True)),
                ('address', models.URLField(blank=True, max_length=500)),
                ('alternative', models.TextField(blank=True)),
                ('transcript', models.TextField(blank=True)),
                ('captions', models.CharField(blank=True, max_length=64)),
                ('licence', models.CharField(blank=True, max_length=20)),
                ('authors', models.CharField(blank=True, max_length=300)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('version', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='asked', max_length=12)),
                ('level', models.CharField(blank=True, max_length=10)),
                ('planned_on', models.DateField(null=True)),
                ('message', models.TextField(blank=True)),
                ('answer', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='version',
            name='version_once',
        ),
        migrations.AddField(
            model_name='classtest',
            name='group',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='class_tests', to='groups.group'),
        ),
        migrations.AddField(
            model_name='scenario',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offspring', to='productions.scenario'),
        ),
        migrations.AddField(
            model_name='scenario',
            name='origin_kind',
            field=models.CharField(blank=True, choices=[('level', 'Déclinaison pour un autre niveau'), ('year', 'Suite de la première année')], max_length=8),
        ),
        migrations.AddField(
            model_name='scenario',
            name='phases',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='scenario',
            name='teacher_competences',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='bilan',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bilan',
            name='group',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='bilan', to='groups.group'),
        ),
        migrations.AddField(
            model_name='module',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='module',
            name='group',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='modules', to='groups.group'),
        ),
        migrations.AddField(
            model_name='module',
            name='theme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='modules', to='campaigns.theme'),
        ),
        migrations.AddField(
            model_name='modulesection',
            name='module',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='productions.module'),
        ),
        migrations.AddField(
            model_name='moduleactivity',
            name='section',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='productions.modulesection'),
        ),
        migrations.AddField(
            model_name='piece',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='piece',
            name='scenario',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='productions.scenario'),
        ),
        migrations.AddField(
            model_name='reading',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remark',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remark',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remark',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='remark',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='productions.review'),
        ),
        migrations.AddField(
            model_name='reading',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='productions.review'),
        ),
        migrations.AddField(
            model_name='module',
            name='review',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='module', to='productions.review'),
        ),
        migrations.AddField(
            model_name='bilan',
            name='review',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='bilan', to='productions.review'),
        ),
        migrations.AddField(
            model_name='scenario',
            name='review',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scenario', to='productions.review'),
        ),
        migrations.AddField(
            model_name='turn',
            name='review',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='productions.review'),
        ),
        migrations.AddField(
            model_name='version',
            name='review',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='productions.review'),
        ),
        migrations.AddField(
            model_name='support',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='support',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supports', to='groups.group'),
        ),
        migrations.AddField(
            model_name='support',
            name='review',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='support', to='productions.review'),
        ),
        migrations.AddField(
            model_name='promise',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promise',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='groups.group'),
        ),
        migrations.AddField(
            model_name='promise',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promise',
            name='scenario',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='productions.scenario'),
        ),
        migrations.AddField(
            model_name='classtest',
            name='promise',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='test', to='productions.promise'),
        ),
        migrations.AddConstraint(
            model_name='reading',
            constraint=models.UniqueConstraint(fields=('review', 'person'), name='reading_once'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'promised'])), fields=('scenario', 'group'), name='one_promise_at_a_time'),
        ),
        migrations.RunPython(open_reviews, migrations.RunPython.noop),
    ]
