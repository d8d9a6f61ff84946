/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#include "config.h"

#include "dyno-status.h"

const char *
dyno_status_icon (DynoStatus status)
{
  static const char *const icons[DYNO_N_STATUSES] = {
    [DYNO_STATUS_OK] = "dyno-ok-symbolic",
    [DYNO_STATUS_WARN] = "dyno-warn-symbolic",
    [DYNO_STATUS_FAULT] = "dyno-fault-symbolic",
    [DYNO_STATUS_RECORD] = "dyno-record-symbolic",
    [DYNO_STATUS_OFF] = "dyno-off-symbolic",
  };

  return icons[status];
}

const char *
dyno_status_class (DynoStatus status)
{
  static const char *const classes[DYNO_N_STATUSES] = {
    [DYNO_STATUS_OK] = "dyno-ok",
    [DYNO_STATUS_WARN] = "dyno-warn",
    [DYNO_STATUS_FAULT] = "dyno-fault",
    [DYNO_STATUS_RECORD] = "dyno-record",
    [DYNO_STATUS_OFF] = "dyno-off",
  };

  return classes[status];
}
