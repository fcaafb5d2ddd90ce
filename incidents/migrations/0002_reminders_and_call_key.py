from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0001_initial'),
        ('records', '0003_numbers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='incident',
            name='incident_update_due',
        ),
        migrations.AddField(
            model_name='incident',
            name='call_key',
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='remind_update_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(condition=models.Q(('remind_update_at__isnull', False)), fields=['remind_update_at'], name='incident_remind'),
        ),
    ]
