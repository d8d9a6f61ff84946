/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The DynoAI authors */

#pragma once

#include "dyno-access-private.h"
#include "dyno-alert.h"
#include "dyno-audit-private.h"
#include "dyno-breaker.h"
#include "dyno-capture.h"
#include "dyno-daily-private.h"
#include "dyno-demo-private.h"
#include "dyno-health-private.h"
#include "dyno-journal-file.h"
#include "dyno-keys-private.h"
#include "dyno-lock.h"
#include "dyno-operation.h"
#include "dyno-pairing-private.h"
#include "dyno-power-cache.h"
#include "dyno-record.h"
#include "dyno-round.h"
#include "dyno-shop.h"
#include "dyno-store.h"
#include "dyno-vault-private.h"

G_BEGIN_DECLS

/* The owners, in the order in which they are made. Immutable from the end of the
 * opening to the beginning of the closing; each carries its own lock. */
struct _DynoShop
{
  gatomicrefcount  n_refs;
  DynoShopFlags    flags;
  DynoClock       *clock;       /* (borrowed) */
  gint64           opened_us;   /* monotonic */
  gint64           opened_ms;   /* UTC */
  DynoFolders     *folders;     /* (owned) */
  DynoConfig      *config;      /* (owned) */
  DynoBus         *bus;         /* (owned) */
  DynoLock        *lock;        /* (owned) (nullable) */
  DynoStore       *store;       /* (owned) (nullable) NULL: `trouble` says why */
  GError          *trouble;     /* (owned) (nullable) */
  DynoJobs        *jobs;        /* (owned) */
  DynoLive        *live;        /* (owned) */
  DynoJournal     *journal;     /* (owned) (nullable) without a store */
  DynoRecord      *record;      /* (owned) */
  DynoCapture     *capture;     /* (owned) (nullable) DYNO_SHOP_NO_CAPTURE */
  DynoDemo        *demo;        /* (owned) */
  DynoOperations  *operations;  /* (owned) */
  DynoPowerCache  *powers;      /* (owned) */
  DynoHealthMemory *health;     /* (owned) */
  DynoVault       *vault;       /* (owned) */
  DynoAccess      *access;      /* (owned) */
  DynoDenials     *denials;     /* (owned) */
  DynoKeys        *keys;        /* (owned) */
  DynoDaily       *daily;       /* (owned) */
  DynoPairings    *pairings;    /* (owned) */
  DynoBreakerSet  *breakers;    /* (owned) of every outside service */
  DynoAlerts      *alerts;      /* (owned) */
  DynoRound        *watch;      /* (owned) (atomic) (nullable) the watch folder */
  DynoRound        *cloud;      /* (owned) (atomic) (nullable) Jetstream */
};

/* Remembered among the settings of the store, beside those of the table. */
#define DYNO_SETTING_VEHICLE "shop.vehicle"
#define DYNO_SETTING_PROVIDER "shop.provider"
#define DYNO_SETTING_SHOP_ID "shop.id"
#define DYNO_SETTING_INSTALL "shop.install"

/* The group and port that capture and simulator use. (transfer full) */
char    *dyno_shop_group        (DynoShop          *self);
guint16  dyno_shop_port         (DynoShop          *self);
/* The interface to listen on, as DynoCaptureConfig takes it. (transfer full) */
char    *dyno_shop_interface    (DynoShop          *self);

/* dyno-shop-open.c */
gboolean dyno_shop_build        (DynoShop          *self,
                                 const DynoShopOptions *options,
                                 GCancellable      *cancellable,
                                 GError           **error);
gboolean dyno_shop_take_down    (DynoShop          *self,
                                 GError           **error);

/* A command to the record, on a thread that may wait. (transfer full) */
char    *dyno_shop_ask_record   (const DynoErrand  *errand,
                                 const char        *json,
                                 GError           **error);

G_END_DECLS
