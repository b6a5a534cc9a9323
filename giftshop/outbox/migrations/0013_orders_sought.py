from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0012_evidence_written'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='outbox_topic_is_registered',
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('topic__in', ['order.paid', 'gift.ready', 'gift.sent', 'gift.opened', 'gift.thanked', 'payment.refused', 'refund.asked', 'refund.moved', 'dispute.moved', 'warning.raised', 'evidence.written', 'member.invited', 'account.notified', 'password.forgotten', 'email.repeated', 'orders.sought', 'question.asked', 'question.answered', 'picture.uploaded', 'code.redeemed', 'redemption.reversed', 'alarm.raised'])), name='outbox_topic_is_registered'),
        ),
    ]
