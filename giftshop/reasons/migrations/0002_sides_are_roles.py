from django.db import migrations, models


class Migration(migrations.Migration):
    """Sides of the team are named as their roles are. No member had said anything."""

    dependencies = [('reasons', '0001_reasons')]

    operations = [
        migrations.RemoveConstraint(model_name='answer', name='reasons_answer_of_the_team_in_a_round'),
        migrations.AlterField(
            model_name='answer',
            name='side',
            field=models.CharField(choices=[('owner', 'Owner'), ('store_manager', 'Store manager'), ('marketer', 'Marketer'), ('sender', 'Senders'), ('recipient', 'Recipients')], max_length=13),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_returning__isnull', True), ('round__isnull', False), ('side__in', ['owner', 'store_manager', 'marketer'])), models.Q(('round__isnull', True), ('side__in', ['sender', 'recipient'])), _connector='OR'), name='reasons_answer_of_the_team_in_a_round'),
        ),
    ]
