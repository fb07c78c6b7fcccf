from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0007_mailbox_letters'),
    ]

    operations = [
        migrations.AlterField(
            model_name='onetimecode',
            name='purpose',
            field=models.CharField(choices=[('sign_in', 'vous connecter'), ('prove_email', 'valider votre adresse mail'), ('sign_in_first', 'vous connecter depuis un nouvel appareil'), ('recover', 'choisir un nouveau mot de passe'), ('change_password', 'changer votre mot de passe'), ('leave_email', 'quitter votre adresse mail actuelle'), ('change_email', 'changer d’adresse mail'), ('join_person', 'regrouper vos comptes de particulier'), ('administer', 'gérer les utilisateurs et leurs droits'), ('bank_change', 'changer vos coordonnées bancaires')], max_length=20),
        ),
        migrations.AlterField(
            model_name='pendingchange',
            name='purpose',
            field=models.CharField(choices=[('sign_in', 'vous connecter'), ('prove_email', 'valider votre adresse mail'), ('sign_in_first', 'vous connecter depuis un nouvel appareil'), ('recover', 'choisir un nouveau mot de passe'), ('change_password', 'changer votre mot de passe'), ('leave_email', 'quitter votre adresse mail actuelle'), ('change_email', 'changer d’adresse mail'), ('join_person', 'regrouper vos comptes de particulier'), ('administer', 'gérer les utilisateurs et leurs droits'), ('bank_change', 'changer vos coordonnées bancaires')], max_length=20),
        ),
    ]
