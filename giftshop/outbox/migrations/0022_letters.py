from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0021_offer_used'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='outbox_topic_is_registered',
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('topic__in', ['order.paid', 'gift.ready', 'gift.sent', 'gift.opened', 'gift.thanked', 'gift.not_theirs', 'reminder.due', 'gift.unopened', 'payment.refused', 'refund.asked', 'refund.moved', 'dispute.moved', 'warning.raised', 'evidence.written', 'member.invited', 'account.notified', 'password.forgotten', 'delivery.reported', 'gift.undeliverable', 'consent.asked', 'email.repeated', 'orders.sought', 'question.asked', 'question.answered', 'letter.due', 'picture.uploaded', 'opening_code.asked', 'offer.used', 'code.redeemed', 'redemption.reversed', 'code.voided', 'alarm.raised'])), name='outbox_topic_is_registered'),
        ),
    ]
