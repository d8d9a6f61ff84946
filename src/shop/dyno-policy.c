/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-policy.h"

const char dyno_policy_text[] =
  "This program keeps its data on the computer of the shop that runs it. The shop decides "
  "about it; the authors of the program receive nothing.\n"
  "\n"
  "Of a person with an account it keeps: e-mail address, name, role, the times of logging in "
  "with address and program, and what was done, in an audit. Of a customer: name, telephone, "
  "e-mail address, postal address, notes, and the vehicles with their number and plate.\n"
  "\n"
  "It is kept for as long as the shop's settings say (retention): conversations, removed "
  "accounts, the audit, logs, the trash and exports each have a number of days. Runs, tables "
  "and vehicles stay until somebody deletes them.\n"
  "\n"
  "A person with an account may have a copy of all that is kept about them, and may have it "
  "erased. Erasing ends every key and login at once; the rest is emptied after seven days, or "
  "at once where that is asked for. Runs stay without the person. Customers ask the shop, which "
  "has the same for them. What was erased does not come back with a backup.\n"
  "\n"
  "Nothing goes to a service outside unless the shop has switched that service on in the "
  "settings.\n";
