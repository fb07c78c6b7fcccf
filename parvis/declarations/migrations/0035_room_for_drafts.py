from django.db import migrations

# A line of the campaign changes two or three times in a July: from to declare to saved, to sent, to taken into account. With half of
# each page free its new version stays on its page. Where the page is full, the row is locked first, in the WAL too, and room is looked
# for elsewhere: for the hundred thousand lines of a file that was a sixteenth of the time it takes to keep them, and the table ended up
# larger. Pages that are full already stay so: this is for the lines of the next campaigns.
ROOM = "ALTER TABLE declarations_campaignentry SET (fillfactor = 50)"
NO_ROOM = "ALTER TABLE declarations_campaignentry RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("declarations", "0034_ignored_strays")]

    operations = [migrations.RunSQL(ROOM, NO_ROOM)]
