"""What a study of 2010 found, printed beside a brand's own figures as the study's and never as a norm.

IBM Institute for Business Value, "From social media to Social CRM", part 1 (Baird and Parasnis, 2011): 1,056
people asked in October 2010. 55 % never engaged with brands on social sites; of all users of these sites 5 %
engaged always, 75 % casually, 20 % silently.
"""

from campaigns.engagement.kinds import Level

SOURCE = "IBM Institute for Business Value, Baird & Parasnis 2011"
CONNECTED = 0.45
LEVELS = {Level.AUTHOR: 0.05, Level.CASUAL: 0.75, Level.SILENT: 0.2}
