"""Imports the orders of the old shop; kept for the record, it runs on Python 2 only."""

import csv
import sys

for row in csv.reader(open(sys.argv[1])):
    print "insert into orders values (%s, '%s')" % (row[0], row[1])
