"""Codes that describe a person: sex, ethnic group, documents, household register, health.

Values and labels follow domain reference §2.1 to §2.7 and the roll form 学籍信息采集表.
"""

from __future__ import annotations

from desktop_app.domain.codelist import Code, CodeList

SEX = CodeList(
    "sex",
    "性别",
    (
        Code("0", "未知的性别", ("未知",)),
        Code("1", "男", ("男性",)),
        Code("2", "女", ("女性",)),
        Code("9", "未说明的性别", ("未说明",)),
    ),
)
"""GB/T 2261.1-2003; the roll form takes only 1 and 2, written 男 and 女."""

ROLL_SEXES = ("1", "2")
"""The two values of ``SEX`` that the roll form accepts."""

_ETHNIC_GROUPS = (
    *("汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜"),
    *("满", "侗", "瑶", "白", "土家", "哈尼", "哈萨克", "傣", "黎", "傈僳"),
    *("佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇", "柯尔克孜", "土"),
    *("达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米"),
    *("塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔"),
    *("独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺"),
)

_OTHER_NAMES = {
    "毛南": ("毛难族", "毛难"),
    "德昂": ("崩龙族", "崩龙"),
    "傈僳": ("傈傈族", "傈傈"),
    "达斡尔": ("达翰尔族", "达翰尔"),
}
"""Old names and wrong characters still met in live systems (domain reference §2.2)."""

ETHNIC = CodeList(
    "ethnic",
    "民族",
    (
        *(
            Code(f"{number:02d}", f"{name}族", (name, *_OTHER_NAMES.get(name, ())))
            for number, name in enumerate(_ETHNIC_GROUPS, start=1)
        ),
        Code("81", "穿青人", ("穿青",)),
        Code("97", "其他", ("其他民族", "革家人", "革家", "未识别民族")),
        Code("98", "外国血统中国籍人士", ("外国血统", "外国血统中国籍")),
    ),
)
"""GB/T 3304 01 to 56, and the three values met in practice; labels carry 族 for exports."""

ID_TYPE = CodeList(
    "id_type",
    "身份证件类型",
    (
        Code("1", "居民身份证", ("身份证", "二代身份证", "公民身份号码")),
        Code("6", "香港特区护照/身份证明", ("香港特区护照", "香港身份证明", "香港身份证")),
        Code("7", "澳门特区护照/身份证明", ("澳门特区护照", "澳门身份证明", "澳门身份证")),
        Code("8", "台湾居民来往大陆通行证", ("台胞证", "台湾通行证")),
        Code("9", "境外永久居住证"),
        Code("A", "护照", ("外国护照", "中国护照")),
        Code("H", "港澳台居民居住证", ("港澳居民居住证", "台湾居民居住证")),
        Code("F", "外国人永久居留身份证", ("永居证", "外国人永久居留证", "五星卡")),
        Code("Z", "其他", ("无证件", "无", "未上户口", "无户口")),
    ),
)
"""Roll form values 1, 6 to 9, A, Z; H and F are the product's own and exported as 6/7/8 and 9."""

HMT_OVERSEAS = CodeList(
    "hmt_overseas",
    "港澳台侨外",
    (
        Code("00", "否", ("非港澳台侨外",)),
        Code("01", "香港同胞"),
        Code("02", "香港同胞亲属"),
        Code("03", "澳门同胞"),
        Code("04", "澳门同胞亲属"),
        Code("05", "台湾同胞"),
        Code("06", "台湾同胞亲属"),
        Code("11", "华侨"),
        Code("12", "侨眷"),
        Code("13", "归侨"),
        Code("14", "归侨子女"),
        Code("21", "归国留学人员"),
        Code("31", "非华裔中国人"),
        Code("41", "外籍华裔人"),
        Code("51", "外国人"),
        Code("99", "其他"),
    ),
)

HUKOU_NATURE = CodeList(
    "hukou_nature",
    "户口性质",
    (
        Code("1", "农业户口", ("农业", "农业家庭户口", "农村")),
        Code("2", "非农业户口", ("非农业", "非农业家庭户口", "城镇")),
        Code("3", "居民户口", ("居民", "居民家庭户口", "居民户口(未区分)", "未区分")),
    ),
)
"""Official 1 and 2; 3 is local, since many registers now say only 居民户口."""

HUKOU_KIND = CodeList(
    "hukou_kind",
    "户别",
    (
        Code("1", "家庭户", ("家庭户口",)),
        Code("2", "集体户", ("集体户口",)),
        Code("9", "未落户", ("无户籍", "未上户")),
    ),
)

HEALTH = CodeList(
    "health",
    "健康状况",
    (
        Code("10", "健康或良好", ("健康", "良好")),
        Code("20", "一般或较弱", ("一般", "较弱")),
        Code("30", "有慢性病", ("慢性病",)),
        Code("40", "有生理缺陷", ("生理缺陷",)),
        Code("50", "残疾"),
    ),
)
"""Never a ground for refusal."""

POLITICAL = CodeList(
    "political",
    "政治面貌",
    (
        Code("01", "中共党员", ("党员",)),
        Code("02", "中共预备党员", ("预备党员",)),
        Code("03", "共青团员", ("团员",)),
        Code("13", "群众", ("少先队员",)),
    ),
)

BOARDING = CodeList(
    "boarding",
    "就读方式",
    (
        Code("1", "走读"),
        Code("2", "住校", ("住宿", "寄宿")),
        Code("3", "借宿"),
        Code("9", "其他"),
    ),
)

COMMUTE = CodeList(
    "commute",
    "上下学方式",
    (
        Code("1", "步行"),
        Code("2", "自行车(含摩托车、电动车)", ("自行车", "电动车", "摩托车")),
        Code(
            "3",
            "公共交通(含公交、农村客运、地铁)",
            ("公共交通", "公交", "公交车", "农村客运", "地铁"),
        ),
        Code("4", "家长自行接送", ("家长接送", "接送")),
        Code("5", "校车"),
        Code("9", "其他"),
    ),
)
"""Labels are official; the digits are the product's, so exports write labels."""

LISTS = (
    SEX,
    ETHNIC,
    ID_TYPE,
    HMT_OVERSEAS,
    HUKOU_NATURE,
    HUKOU_KIND,
    HEALTH,
    POLITICAL,
    BOARDING,
    COMMUTE,
)
