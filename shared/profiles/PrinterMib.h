// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <snmp/Oid.h>

/// The standard objects we read, by their names in RFC 3418, 2863, 4293, 2790, 3805 and PWG 5107.1.
namespace platen::profiles::mib {

using snmp::Oid;

inline const Oid sysDescr{1, 3, 6, 1, 2, 1, 1, 1, 0};
inline const Oid sysObjectID{1, 3, 6, 1, 2, 1, 1, 2, 0};
inline const Oid sysName{1, 3, 6, 1, 2, 1, 1, 5, 0};
inline const Oid sysLocation{1, 3, 6, 1, 2, 1, 1, 6, 0};

// Columns; an instance follows.
inline const Oid ifType{1, 3, 6, 1, 2, 1, 2, 2, 1, 3};
inline const Oid ifPhysAddress{1, 3, 6, 1, 2, 1, 2, 2, 1, 6};
inline const Oid ifOperStatus{1, 3, 6, 1, 2, 1, 2, 2, 1, 8};
inline const Oid ipAdEntIfIndex{1, 3, 6, 1, 2, 1, 4, 20, 1, 2};

inline const Oid hrDeviceType{1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 2};
inline const Oid hrDeviceDescr{1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3};
inline const Oid hrDeviceID{1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 4};
inline const Oid hrPrinterStatus{1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1};
inline const Oid hrPrinterDetectedErrorState{1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2};
inline const Oid hrDevicePrinter{1, 3, 6, 1, 2, 1, 25, 3, 1, 5}; ///< a value of hrDeviceType

inline const Oid printerMib{1, 3, 6, 1, 2, 1, 43};
inline const Oid prtGeneralCurrentLocalization{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 2};
inline const Oid prtConsoleLocalization{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 10};
inline const Oid prtGeneralSerialNumber{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17};
inline const Oid prtLocalizationCharacterSet{1, 3, 6, 1, 2, 1, 43, 7, 1, 1, 4};
inline const Oid prtMarkerCounterUnit{1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 3};
inline const Oid prtMarkerLifeCount{1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4};
inline const Oid prtMarkerProcessColorants{1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 6};
inline const Oid prtMarkerSuppliesColorantIndex{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 3};
inline const Oid prtMarkerSuppliesClass{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 4};
inline const Oid prtMarkerSuppliesType{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5};
inline const Oid prtMarkerSuppliesDescription{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6};
inline const Oid prtMarkerSuppliesSupplyUnit{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7};
inline const Oid prtMarkerSuppliesMaxCapacity{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8};
inline const Oid prtMarkerSuppliesLevel{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9};
inline const Oid prtMarkerColorantRole{1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 3};
inline const Oid prtMarkerColorantValue{1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 4};
inline const Oid prtConsoleDisplayBufferText{1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2};
inline const Oid prtAlertSeverityLevel{1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 2};
inline const Oid prtAlertGroup{1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 4};
inline const Oid prtAlertGroupIndex{1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 5};
inline const Oid prtAlertLocation{1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 6};
inline const Oid prtAlertCode{1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 7};
inline const Oid prtAlertDescription{1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 8};

inline const Oid ppmPrinterIEEE1284DeviceId{1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3, 1};
inline const Oid npDeviceId{1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 1, 1, 7, 0}; ///< HP's, cloned by many: gdStatusId
inline const Oid brotherDeviceId{1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 1, 1, 7, 0};

} // namespace platen::profiles::mib
