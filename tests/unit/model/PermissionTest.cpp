// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <model/Permission.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen::model;
using namespace Qt::StringLiterals;

class PermissionTest : public QObject {
    Q_OBJECT

private slots:
    void findsEveryPermissionByTheNameItTravelsBy()
    {
        QSet<QString> names;
        for (const Permission permission : allPermissions()) {
            const QString name = nameOf(permission);
            static const QRegularExpression form(u"^[a-z]+\\.[a-z]+$"_s);
            QVERIFY2(form.match(name).hasMatch(), qPrintable(name));
            QCOMPARE(permissionFrom(name), std::optional(permission));
            names.insert(name);
        }
        QCOMPARE(names.size(), allPermissions().size());
        QCOMPARE(permissionFrom(u"device.explode"), std::nullopt);
    }

    void keepsTheNamesThatHaveTravelled()
    {
        QCOMPARE(nameOf(Permission::SessionUse), u"session.use"_s);
        QCOMPARE(nameOf(Permission::DeviceRead), u"device.read"_s);
        QCOMPARE(nameOf(Permission::AgentRead), u"agent.read"_s);
    }

    void letsAdministratorsDoEverything()
    {
        QCOMPARE(permissionsOf({u"administrator"_s}), Permissions(allPermissions().begin(), allPermissions().end()));
    }

    void givesNothingForRolesItDoesNotKnow()
    {
        QVERIFY(permissionsOf({}).isEmpty());
        QVERIFY(permissionsOf({u"Administrator"_s, u"root"_s}).isEmpty());
    }
};

PLATEN_TEST(PermissionTest)
#include "PermissionTest.moc"
